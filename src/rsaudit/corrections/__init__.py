"""Certain corrections: what was meant, the text rewritten, the copy of a dossier that holds it."""
