"""The loop that refines a format: survey what is written, refine the template, migrate the notes."""
