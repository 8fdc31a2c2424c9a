"""What the kinds of background work are called."""

from __future__ import annotations

KINDS = {"notify_holder": "通知承办岗", "import": "导入上级工单", "forget_uploads": "清理无主的照片"}
