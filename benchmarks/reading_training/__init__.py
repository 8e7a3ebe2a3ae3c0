"""Learning the reader's weights from documents with their truth."""
