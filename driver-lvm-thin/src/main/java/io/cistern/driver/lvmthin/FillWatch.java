package io.cistern.driver.lvmthin;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when a thin pool has become fuller than each of some thresholds. */
final class FillWatch {
  private static final Logger log = LoggerFactory.getLogger(FillWatch.class);
  private static final double[] THRESHOLDS = {80, 90, 95};

  /** How far it has to fall below a threshold before that is told again. */
  private static final double SLACK = 2;

  private final String pool;
  private final Consumer<PoolFill> listener;

  /** How many thresholds were told. */
  private int told;

  FillWatch(String pool, Consumer<PoolFill> listener) {
    this.pool = pool;
    this.listener = listener;
  }

  void see(PoolFill fill) {
    if (isNews(fill.percent())) {
      log.warn(
          "The thin pool {} fills up: {} of {} bytes for data, {} of {} for metadata are in use",
          pool,
          fill.dataUsed(),
          fill.dataSize(),
          fill.metadataUsed(),
          fill.metadataSize());
      listener.accept(fill);
    }
  }

  private synchronized boolean isNews(double percent) {
    while (told > 0 && percent < THRESHOLDS[told - 1] - SLACK) {
      told--;
    }
    int before = told;
    while (told < THRESHOLDS.length && percent >= THRESHOLDS[told]) {
      told++;
    }
    return told > before;
  }
}
