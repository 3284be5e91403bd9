"""Alerts in the Common Alerting Protocol."""
