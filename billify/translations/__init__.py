"""The catalogues: nl, fr and de beside the English of the source, and what keeps them whole."""
