package io.parley.chat.http;

import io.parley.chat.ChatUser;
import io.parley.chat.users.SessionToken;
import io.parley.chat.users.User;
import io.parley.chat.users.UserSessions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds whose session a cookie is. Thread-safe; blocks on the database. */
public final class AccountSessions implements Sessions {
  private final UserSessions sessions;

  public AccountSessions(UserSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Optional<Session> find(String cookie) {
    return SessionToken.of(cookie)
        .flatMap(
            token -> sessions.user(token).map(user -> new Session(chatUser(user), token.csrf())));
  }

  @Override
  public Set<String> holding(Set<String> cookies) {
    Set<SessionToken> tokens =
        cookies.stream()
            .flatMap(cookie -> SessionToken.of(cookie).stream())
            .collect(Collectors.toUnmodifiableSet());
    return sessions.holding(tokens).stream()
        .map(SessionToken::secret)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ChatUser chatUser(User user) {
    return new ChatUser(user.organisationId(), user.id(), user.guest());
  }
}
