"""The official register in the application: what it says, what it proposes, and the outside services that complete it."""
