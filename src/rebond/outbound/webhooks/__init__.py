"""Events sent to other systems: to whom, signed how, what they answered.

Tables: Endpoint, Delivery, Attempt. Says: webhook.endpoint_changed, webhook.endpoint_gone,
webhook.endpoint_silent.
"""
