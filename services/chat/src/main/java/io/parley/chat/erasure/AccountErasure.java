package io.parley.chat.erasure;

import io.parley.chat.answers.ConversationRemoval;
import io.parley.chat.conversations.ConversationScan;
import io.parley.chat.conversations.Images;
import io.parley.chat.encryption.UserKeys;
import io.parley.chat.search.SearchUpdates;
import io.parley.chat.sharing.Shares;
import io.parley.chat.users.UserErasures;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases accounts. From the request on nobody gets in; the rest is a job that may be broken off at
 * any point and begins again, at the next start or the next look, until nothing is left.
 *
 * <p>The user's key goes first: whatever was sealed with it is noise from then on, wherever there
 * are copies, and nothing new can be sealed for this user. Then go links, conversations with their
 * messages, pictures and the entries of the index, and last the account, which is what remembers
 * that there is something to do. Exports leave nothing here: they are written while they are read.
 */
public final class AccountErasure {
  private static final Logger log = LoggerFactory.getLogger(AccountErasure.class);

  private final UserErasures erasures;
  private final UserKeys keys;
  private final Shares shares;
  private final ConversationScan scan;
  private final ConversationRemoval removal;
  private final Images images;
  private final SearchUpdates search;
  private final ExecutorService threads;

  public AccountErasure(
      UserErasures erasures,
      UserKeys keys,
      Shares shares,
      ConversationScan scan,
      ConversationRemoval removal,
      Images images,
      SearchUpdates search,
      ExecutorService threads) {
    this.erasures = erasures;
    this.keys = keys;
    this.shares = shares;
    this.scan = scan;
    this.removal = removal;
    this.images = images;
    this.search = search;
    this.threads = threads;
  }

  /** Locks somebody out and begins to erase what is theirs. Returns when the first is done. */
  public void begin(String userId) {
    erasures.request(userId);
    keys.erase(userId);
    try {
      threads.execute(this::resume);
    } catch (RejectedExecutionException e) {
      log.debug("the erasure of {} goes on at the next start", userId, e);
    }
  }

  /** Goes on with all erasures that have begun. To be called at the start, and now and then. */
  public synchronized void resume() {
    for (String userId : erasures.pending()) {
      try {
        erase(userId);
      } catch (RuntimeException e) {
        log.error("the erasure of {} failed and will be tried again", userId, e);
      }
    }
  }

  private void erase(String userId) {
    keys.erase(userId);
    shares.revokeAll(userId);
    removeConversations(userId);
    requireRemoved(userId);
    images.removeAll(userId);
    search.userRemoved(userId);
    erasures.finish(userId);
    log.info("everything of {} is erased", userId);
  }

  /** What an answer writes that is on its way is removed at its end. */
  private void requireRemoved(String userId) {
    if (!removal.isDone(userId)) {
      throw new IllegalStateException("something is left of conversations that were removed");
    }
  }

  /** One that changed meanwhile, because an answer ended, is seen again by the next look. */
  private void removeConversations(String userId) {
    AtomicInteger left = new AtomicInteger();
    scan.ofUser(
        userId,
        conversation -> {
          if (!removal.remove(conversation)) {
            left.incrementAndGet();
          }
        });
    if (left.get() > 0) {
      throw new IllegalStateException(left + " conversations changed while they were removed");
    }
  }
}
