"""Rows and the reads over them; the only room that speaks SQL."""
