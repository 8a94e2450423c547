"""Feedback: callbacks, surveys and corrective actions."""
