"""The HTTP service: answers, search, articles, feedback, the OpenAI-compatible endpoints, and the web page."""
