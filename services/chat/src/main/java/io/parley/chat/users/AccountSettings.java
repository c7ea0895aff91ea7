package io.parley.chat.users;

import java.time.Duration;

/**
 * Who may come in and how long they stay.
 *
 * @param guests whether somebody may chat without an account
 * @param signUp whether somebody may make an account
 * @param sessionLife after which a session ends however much it is used
 * @param sessionIdle after which a session ends that is not used
 */
public record AccountSettings(
    boolean guests, boolean signUp, Duration sessionLife, Duration sessionIdle) {
  public static final AccountSettings DEFAULTS =
      new AccountSettings(true, true, Duration.ofDays(90), Duration.ofDays(14));
}
