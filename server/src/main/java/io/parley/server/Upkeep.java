package io.parley.server;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps chat up; a part that fails is tried again next time, and keeps no other from its own. */
record Upkeep(List<Runnable> parts) implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  @Override
  public void run() {
    parts.forEach(Upkeep::run);
  }

  private static void run(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      log.warn("the upkeep of chat failed", e);
    }
  }
}
