package io.parley.chat.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.chat.notifications.NotificationChoices;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.users.Notifications;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.User;
import io.parley.chat.users.UserChange;
import io.parley.common.ParleyException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts as they go over the wire. */
final class AccountJson {
  private AccountJson() {}

  // ---- What is asked ----------------------------------------------------------------------------

  record SignUp(String email, String name, String password) {
    SignUp {
      require("email", email);
      require("name", name);
      require("password", password);
    }
  }

  record Login(String email, String password) {
    Login {
      require("email", email);
      require("password", password);
    }
  }

  record Patch(
      @Nullable String name,
      @Nullable PasswordPatch password,
      @JsonProperty("notify") @Nullable NotifyJson notifications) {
    UserChange change() {
      return new UserChange(
          Optional.ofNullable(name),
          Optional.ofNullable(password).map(PasswordPatch::change),
          Optional.ofNullable(notifications).map(NotifyJson::notifying));
    }
  }

  /** A word that Java has taken for itself is no trouble in JSON. */
  record PasswordPatch(String old, @JsonProperty("new") String replacement) {
    PasswordPatch {
      require("password.old", old);
      require("password.new", replacement);
    }

    UserChange.PasswordChange change() {
      return new UserChange.PasswordChange(old, replacement);
    }
  }

  record NotifyJson(boolean mail, @Nullable String webhook) {
    Notifications notifying() {
      return new Notifications(mail, Optional.ofNullable(webhook));
    }
  }

  record Erase(@Nullable String password) {}

  // ---- What is answered -------------------------------------------------------------------------

  record SignIn(boolean password, boolean signUp, boolean guests, List<SignInProvider> oidc) {}

  record Welcome(UserJson user, String csrfToken) {}

  /**
   * @param retentionDays without activity, after which a conversation goes that is not flagged;
   *     null if none does
   */
  record Me(
      UserJson user,
      String csrfToken,
      Organisation organisation,
      @Nullable Integer retentionDays,
      MessageQuota.@Nullable Standing quota,
      @JsonProperty("notify") NotificationChoices.Offer notifications) {}

  /**
   * @param webhookSecret is there once, when it is new
   */
  record UserJson(
      String id,
      @Nullable String email,
      String name,
      boolean guest,
      Instant createdAt,
      @JsonProperty("notify") NotifyJson notifications,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String webhookSecret) {}

  static UserJson user(User user) {
    return user(user, null);
  }

  static UserJson user(User user, @Nullable String webhookSecret) {
    return new UserJson(
        user.id(),
        user.email().orElse(null),
        user.name(),
        user.guest(),
        user.createdAt(),
        new NotifyJson(user.notifications().mail(), user.notifications().webhook().orElse(null)),
        webhookSecret);
  }

  private static void require(String field, @Nullable String value) {
    if (value == null) {
      throw ParleyException.invalid(field + ": is missing");
    }
  }
}
