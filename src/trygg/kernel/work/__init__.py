"""Tasks, deadlines and notifications."""
