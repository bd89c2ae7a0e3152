"""People: portal for shoppers, back office for merchants, and the look they share."""
