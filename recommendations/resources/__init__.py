"""From settings to the AWS resources that apply makes. Shapes: docs/architecture.md, "Resource types"."""
