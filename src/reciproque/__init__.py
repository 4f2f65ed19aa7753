"""Réciproque: the shared network of partners of a French public university."""
