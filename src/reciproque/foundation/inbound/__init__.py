"""Messages that come in: kept raw first, told to whoever files them, accounted for to the last one."""

from reciproque.foundation.inbound.keeping import account, forget, receive, settle

__all__ = ["account", "forget", "receive", "settle"]
