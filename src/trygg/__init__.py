"""Trygg: the shared workspace for AI systems that touch children."""

__version__ = "0.1.0"
