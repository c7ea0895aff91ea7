package io.parley.server;

import io.parley.chat.http.ChatAccounts;
import io.parley.chat.http.ChatArchive;
import io.parley.chat.http.ChatHttp;
import io.parley.chat.http.ChatRoute;
import io.parley.chat.http.ChatService;
import io.parley.chat.notifications.AnswerNotifications;
import io.parley.chat.users.PasswordCost;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.http.Mount;
import io.parley.ports.messages.MessagesApi;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Puts the parts of chat together, accounts first, since their keys seal what the core stores; and
 * keeps them up. Owned by one thread.
 */
final class ChatAssembly implements AutoCloseable {
  private static final long UPKEEP_SECONDS = 60;
  private static final long NOTIFICATIONS_SECONDS = 5;

  private final ChatAccounts accounts;
  private final ChatArchive archive;
  private final ScheduledExecutorService upkeep;
  private final ChatHttp http;

  /** Takes up what the last process left of answers, before anybody asks. */
  ChatAssembly(
      ConfiguredChat config,
      ModelCatalogue catalogue,
      Profile profile,
      MessagesApi messages,
      TimeSource time,
      SecureRandom random,
      ExecutorService threads) {
    accounts = accounts(config, profile, time, random);
    ChatService chat = core(config, catalogue, profile, messages, time, random, threads);
    archive = archive(config, profile, chat, time, random);
    chat.start();
    archive.start();
    List<ChatRoute> routes = new ArrayList<>(chat.routes());
    routes.addAll(archive.routes());
    http = new ChatHttp(routes, accounts.sessions(), threads, time, chat.limits());
    AnswerNotifications notifications = notifications(config, profile, chat, time, random, threads);
    chat.answers().whenEnded(notifications);
    upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("chat-upkeep").daemon().factory());
    every(UPKEEP_SECONDS, chat::upkeep, archive::upkeep, notifications::upkeep);
    every(NOTIFICATIONS_SECONDS, notifications::deliver);
  }

  private void every(long seconds, Runnable... parts) {
    ScheduledFuture<?> _ =
        upkeep.scheduleWithFixedDelay(
            new Upkeep(List.of(parts)), seconds, seconds, TimeUnit.SECONDS);
  }

  private AnswerNotifications notifications(
      ConfiguredChat config,
      Profile profile,
      ChatService chat,
      TimeSource time,
      SecureRandom random,
      ExecutorService threads) {
    return new AnswerNotifications(
        config.notifications(),
        new AnswerNotifications.Parts(
            profile.database(),
            accounts.accounts(),
            accounts.webhookSecrets(),
            chat.conversations(),
            http.watchers(),
            time,
            random,
            threads));
  }

  private static ChatAccounts accounts(
      ConfiguredChat config, Profile profile, TimeSource time, SecureRandom random) {
    return new ChatAccounts(
        new ChatAccounts.Outside(
            profile.database(),
            profile.ephemeralStore(),
            config.keys(random),
            config.organisation(profile.database()),
            config.accounts(),
            PasswordCost.DEFAULT,
            config.providers(),
            config.config().messagesPerDay(),
            config.notifications(),
            time,
            random));
  }

  private ChatService core(
      ConfiguredChat config,
      ModelCatalogue catalogue,
      Profile profile,
      MessagesApi messages,
      TimeSource time,
      SecureRandom random,
      ExecutorService threads) {
    return new ChatService(
        new ChatService.Outside(
            profile.database(),
            profile.messageStore(),
            profile.eventLog(),
            profile.streamBuffers(),
            profile.objectStore(),
            messages,
            profile.modelPool(),
            catalogue.defaultModel(),
            accounts.cipher(),
            time,
            new Ulid(time, random),
            threads,
            config.limits()));
  }

  private ChatArchive archive(
      ConfiguredChat config,
      Profile profile,
      ChatService chat,
      TimeSource time,
      SecureRandom random) {
    return new ChatArchive(
        new ChatArchive.Outside(
            profile.database(),
            profile.eventLog(),
            profile.searchIndex(),
            config.retention(),
            time,
            random),
        accounts,
        chat);
  }

  /** Where it is on the gateway's port. */
  Mount mount() {
    return new Mount("chat", ChatHttp::takes, http::on, http::drain);
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
    archive.close();
    accounts.close();
  }
}
