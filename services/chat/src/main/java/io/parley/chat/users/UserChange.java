package io.parley.chat.users;

import java.util.Optional;

/** What somebody changes of their own account; what is empty stays as it is. */
public record UserChange(
    Optional<String> name,
    Optional<PasswordChange> password,
    Optional<Notifications> notifications) {
  /** The old password proves that it is not just somebody at an open browser. */
  public record PasswordChange(String old, String replacement) {
    /** Passwords stay out of logs. */
    @Override
    public String toString() {
      return "PasswordChange";
    }
  }
}
