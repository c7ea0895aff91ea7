package io.parley.chat.users;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Hashes and checks passwords, on a few threads of its own: a hash takes tens of milliseconds and
 * megabytes on purpose, so neither event loops nor the carriers of virtual threads may compute it,
 * and only so many may be computed at once. Callers wait. Thread-safe.
 *
 * <p>A password for somebody who has none is checked against a decoy, so that an answer takes as
 * long whether there is such an account or not.
 */
public final class PasswordHasher implements AutoCloseable {
  /** Hashes that may wait for a thread; one more is refused with 529. */
  public static final int MAX_WAITING = 64;

  private static final long BUSY_RETRY_MS = 1_000;

  private final PasswordCost cost;
  private final RandomGenerator random;
  private final ThreadPoolExecutor threads;
  private final PasswordHash decoy;

  /**
   * Starts the threads.
   *
   * @param random cryptographically strong and thread-safe: it makes the salts
   * @param atOnce hashes at the same time, each with the memory of its cost; at least 1
   */
  public PasswordHasher(PasswordCost cost, RandomGenerator random, int atOnce) {
    this.cost = cost;
    this.random = random;
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("password-", 0).daemon().factory());
    this.decoy = PasswordHash.of("nobody has this one", cost, random);
  }

  /**
   * The hash of a new password, as it is kept.
   *
   * @throws ParleyException OVERLOADED if too many are waiting
   */
  String hash(String password) {
    return await(() -> PasswordHash.of(password, cost, random).toString());
  }

  /**
   * Whether the password is right.
   *
   * @param kept what {@link #hash} returned; empty if there is no such account or it has none
   * @throws ParleyException OVERLOADED if too many are waiting
   */
  boolean matches(String password, Optional<String> kept) {
    PasswordHash hash = kept.map(PasswordHash::parse).orElse(decoy);
    boolean same = await(() -> hash.matches(password));
    return same && kept.isPresent();
  }

  /** Whether a hash was made at another cost than new ones are. */
  boolean isOutdated(String kept) {
    return !PasswordHash.parse(kept).costs(cost);
  }

  private <T> T await(Callable<T> work) {
    Future<T> future = submit(work);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new ParleyException(ErrorCode.API, "interrupted while a password was checked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("hashing failed", e.getCause());
    }
  }

  private <T> Future<T> submit(Callable<T> work) {
    try {
      return threads.submit(work);
    } catch (RejectedExecutionException e) {
      throw ParleyException.overloaded("too many people are signing in just now", BUSY_RETRY_MS);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
