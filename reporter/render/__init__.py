"""From marked Markdown to what a reader opens: one HTML file and one tagged PDF."""
