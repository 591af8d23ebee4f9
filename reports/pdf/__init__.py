"""From HTML to one sealed PDF: chunks are laid out one by one and kept by their content, then joined, numbered and stamped."""
