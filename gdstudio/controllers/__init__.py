"""The only place that knows both the views and what stands behind them."""
