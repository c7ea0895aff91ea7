package io.parley.chat.users;

import static io.parley.chat.users.AccountLimits.ACCOUNTS_PER_ADDRESS;
import static io.parley.chat.users.AccountLimits.LOGINS_PER_ACCOUNT;
import static io.parley.chat.users.AccountLimits.LOGINS_PER_ADDRESS;
import static io.parley.chat.users.AccountLimits.THROTTLE_ENTRIES;
import static io.parley.chat.users.AccountLimits.THROTTLE_WINDOW;

import io.parley.common.TimeSource;

/**
 * What slows those down who try passwords or make accounts by the thousand. A log-in that succeeds
 * is not counted, so that an office behind one address can begin its day.
 */
final class Throttles {
  private final Throttle byAccount;
  private final Throttle byAddress;
  private final Throttle newAccounts;

  Throttles(TimeSource time) {
    byAccount = of("failed log-ins to this account", LOGINS_PER_ACCOUNT, time);
    byAddress = of("failed log-ins from your address", LOGINS_PER_ADDRESS, time);
    newAccounts = of("new accounts from your address", ACCOUNTS_PER_ADDRESS, time);
  }

  private static Throttle of(String what, int attempts, TimeSource time) {
    return new Throttle(what, attempts, THROTTLE_WINDOW, THROTTLE_ENTRIES, time);
  }

  void beforeLogin(String account, String address) {
    byAddress.take(address);
    byAccount.take(account);
  }

  void afterLogin(String account, String address) {
    byAddress.giveBack(address);
    byAccount.giveBack(account);
  }

  void beforeNewAccount(String address) {
    newAccounts.take(address);
  }
}
