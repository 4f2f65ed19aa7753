"""The look and the shared interface parts: layout, components, style sheet, browser modules, vendored assets."""
