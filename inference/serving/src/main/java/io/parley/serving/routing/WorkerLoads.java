package io.parley.serving.routing;

/**
 * What a router knows of its workers: in general a little old. Workers are numbered from 0.
 *
 * <p>A load is any measure that grows with the wait of one more request and is comparable between
 * workers, such as the number of requests that are not finished.
 */
public interface WorkerLoads {
  /** How many workers there are, those that do not answer included; at least 1. */
  int workers();

  /** Whether a worker takes requests. */
  boolean accepts(int worker);

  /** The load of a worker, not negative. */
  double load(int worker);

  /** The mean load of the workers that take requests; 0 if none does. */
  double meanLoad();
}
