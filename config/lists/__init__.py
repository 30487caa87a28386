"""The parts of a list page, each a concern of its own; `config.pages.ListPage` puts them together."""
