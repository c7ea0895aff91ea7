package io.parley.server;

import io.parley.chat.http.ChatService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps chat up; a failure is tried again next time. */
record Upkeep(ChatService chat) implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  @Override
  public void run() {
    try {
      chat.upkeep();
    } catch (RuntimeException e) {
      log.warn("the upkeep of chat failed", e);
    }
  }
}
