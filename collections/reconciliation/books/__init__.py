"""The sales book against the finance book."""
