package io.parley.server;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.http.AccountRoutes;
import io.parley.chat.http.AccountSessions;
import io.parley.chat.http.ChatHttp;
import io.parley.chat.http.ChatRoute;
import io.parley.chat.http.ChatService;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.PasswordHasher;
import io.parley.chat.users.UserErasures;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.http.Mount;
import io.parley.ports.data.Database;
import io.parley.ports.messages.MessagesApi;
import io.parley.server.config.ParleyConfig;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Puts the parts of chat together, and keeps them up. Owned by one thread. */
final class ChatAssembly implements AutoCloseable {
  private static final int HASHES_AT_ONCE = 2;
  private static final long UPKEEP_MINUTES = 1;

  private final PasswordHasher passwords;
  private final ScheduledExecutorService upkeep;
  private final ChatHttp http;

  /** Takes up what the last process left of answers, before anybody asks. */
  ChatAssembly(
      ParleyConfig config,
      ModelCatalogue catalogue,
      Profile profile,
      MessagesApi messages,
      TimeSource time,
      SecureRandom random,
      ExecutorService threads) {
    ChatLimits limits = ChatLimits.DEFAULTS;
    passwords = new PasswordHasher(PasswordCost.DEFAULT, random, HASHES_AT_ONCE);
    Accounts accounts =
        new Accounts(
            profile.database(),
            time,
            random,
            organisation(profile.database()),
            AccountSettings.DEFAULTS,
            passwords);
    ChatService chat =
        new ChatService(
            new ChatService.Outside(
                profile.database(),
                profile.messageStore(),
                profile.eventLog(),
                profile.streamBuffers(),
                profile.objectStore(),
                messages,
                profile.modelPool(),
                catalogue.defaultModel(),
                BodyCipher.PLAIN,
                time,
                new Ulid(time, random),
                threads,
                limits));
    chat.start();
    UserErasures erasures = new UserErasures(profile.database(), time);
    MessageQuota quota = new MessageQuota(profile.ephemeralStore(), time, MessageQuota.NO_LIMIT);
    List<ChatRoute> routes = new ArrayList<>(chat.routes());
    routes.addAll(new AccountRoutes(accounts, quota, List.of(), erasures::request).routes());
    http = new ChatHttp(routes, new AccountSessions(accounts.sessions()), threads, time, limits);
    upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("chat-upkeep").daemon().factory());
    ScheduledFuture<?> _ =
        upkeep.scheduleWithFixedDelay(
            new Upkeep(chat), UPKEEP_MINUTES, UPKEEP_MINUTES, TimeUnit.MINUTES);
  }

  /** People who chat belong to the organisation that was there first. */
  private static Organisation organisation(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT id, name FROM organisations ORDER BY created_at_ms, id LIMIT 1")
                .map((row, context) -> new Organisation(row.getString("id"), row.getString("name")))
                .one());
  }

  /** Where it is on the gateway's port. */
  Mount mount() {
    return new Mount("chat", ChatHttp::takes, http::on, http::drain);
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
    passwords.close();
  }
}
