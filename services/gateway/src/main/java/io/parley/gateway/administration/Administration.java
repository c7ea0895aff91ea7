package io.parley.gateway.administration;

import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.identity.KeyKind;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All that can be administered, on one database. Thread-safe; every method may block. */
public final class Administration {
  private final Store store;
  private final Organisations organisations;
  private final Workspaces workspaces;
  private final Members members;
  private final Invites invites;
  private final WorkspaceMembers workspaceMembers;
  private final ApiKeys apiKeys;
  private final Tiers tiers;
  private final PrivacySettings privacy;
  private final ChangeLog changes;

  /**
   * Administers what a database holds.
   *
   * @param secureRandom cryptographically strong and thread-safe: it makes the secrets
   */
  public Administration(
      Database database,
      TimeSource time,
      RandomGenerator secureRandom,
      AdministrationLimits limits) {
    store = new Store(database, time, new Ulid(time, secureRandom), secureRandom, limits);
    organisations = new Organisations(store);
    workspaces = new Workspaces(store);
    members = new Members(store);
    invites = new Invites(store);
    workspaceMembers = new WorkspaceMembers(store);
    apiKeys = new ApiKeys(store);
    tiers = new Tiers(store);
    privacy = new PrivacySettings(store);
    changes = new ChangeLog(store);
  }

  /**
   * On an empty database makes an organisation and a key for it; otherwise does nothing.
   *
   * @param deliver gets the key inside the transaction: only if it returns does the key exist, so a
   *     crash cannot leave an organisation whose key nobody has seen
   * @return the key, on the one call that made it
   */
  public Optional<NewApiKey> bootstrap(Consumer<NewApiKey> deliver) {
    return store.write(
        handle -> {
          if (handle
              .createQuery("SELECT id FROM organisations LIMIT 1")
              .mapTo(String.class)
              .findOne()
              .isPresent()) {
            return Optional.empty();
          }
          Organisation made = organisations.insert(handle, Actor.SERVER, "default", Tier.UNLIMITED);
          Administrator by = new Administrator(Actor.SERVER, made.id());
          NewApiKey key = apiKeys.insert(handle, by, KeySpec.of(KeyKind.API, "first key"));
          deliver.accept(key);
          return Optional.of(key);
        });
  }

  /** The moment, for what depends on it, such as the status of an invite. */
  public Instant now() {
    return store.now();
  }

  public Organisations organisations() {
    return organisations;
  }

  public Workspaces workspaces() {
    return workspaces;
  }

  public Members members() {
    return members;
  }

  public Invites invites() {
    return invites;
  }

  public WorkspaceMembers workspaceMembers() {
    return workspaceMembers;
  }

  public ApiKeys apiKeys() {
    return apiKeys;
  }

  public Tiers tiers() {
    return tiers;
  }

  public PrivacySettings privacy() {
    return privacy;
  }

  public ChangeLog changes() {
    return changes;
  }
}
