package io.parley.gateway.http;

/** Something that an event loop does when it is woken. Called on the loop. */
interface LoopTask {
  /** Does what there is to do now. */
  void drain();

  /** Gives up, because {@link #drain} has a fault. */
  void breakOff();
}
