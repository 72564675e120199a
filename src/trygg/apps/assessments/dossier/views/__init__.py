"""Pages of dossiers and of answers that are taken over."""
