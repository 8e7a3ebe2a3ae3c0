"""What the accounting holds, and where it says something else than the bank and the documents."""
