"""Notices that reach people outside the pages: mail, SMS, the robots of group chats."""
