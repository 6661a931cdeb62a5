"""What vendors agreed on besides OCPP: messages whose content only they know (block P)."""
