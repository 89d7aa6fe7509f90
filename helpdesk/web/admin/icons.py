"""The pictures a service may have, in the order they are offered."""

SERVICE_ICONS = [
    (name, name.replace("-", " "))
    for name in (
        "building-2", "landmark", "house", "file-text", "clipboard-list", "calendar", "clock", "book-open", "folder",
        "globe", "users", "user", "headset", "phone", "mail", "megaphone", "message-square", "wrench", "zap", "bell",
        "flag", "image", "key", "lock", "network", "printer", "route", "shield", "shield-alert", "star", "sun",
        "timer", "trash-2", "triangle-alert", "circle-help", "languages", "smile", "tag",
    )
]  # fmt: skip
"""Names of the icon set; each has to be in the sprite that ``helpdesk assets`` makes."""
