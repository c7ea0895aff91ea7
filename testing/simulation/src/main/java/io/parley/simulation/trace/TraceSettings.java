package io.parley.simulation.trace;

import io.parley.common.ParleyException;

/**
 * What a trace is drawn from. Immutable.
 *
 * @param seed of everything random in it
 * @param arrivals when requests come
 * @param durationNanos how long they come
 * @param prompts lengths of what is a request's own in its prompt
 * @param outputs lengths of the answers that the model would give
 * @param maxTokens what every request allows its answer; cuts longer ones
 * @param tenants organisations, at least 1
 * @param tenantSkew exponent of the Zipf distribution over them; 0 for equal shares
 * @param prefixesPerTenant shared beginnings of prompts that a tenant has, at least 1
 * @param prefixes lengths of the shared beginnings
 * @param prefixShare which share of the requests begins with one, in [0, 1]
 * @param impatientShare which share of the clients goes away, in [0, 1]
 * @param patienceSeconds mean time after which they do, if there is no answer by then
 * @param batchShare which share of the requests is a batch's, in [0, 1]
 */
public record TraceSettings(
    long seed,
    ArrivalProcess arrivals,
    long durationNanos,
    Lengths prompts,
    Lengths outputs,
    int maxTokens,
    int tenants,
    double tenantSkew,
    int prefixesPerTenant,
    Lengths prefixes,
    double prefixShare,
    double impatientShare,
    double patienceSeconds,
    double batchShare) {
  public TraceSettings {
    require(durationNanos > 0, "duration");
    require(maxTokens >= 1, "max_tokens");
    require(tenants >= 1, "tenants");
    require(tenantSkew >= 0, "tenant_skew");
    require(prefixesPerTenant >= 1, "prefixes_per_tenant");
    require(prefixShare >= 0 && prefixShare <= 1, "prefix_share");
    require(impatientShare >= 0 && impatientShare <= 1, "impatient_share");
    require(patienceSeconds > 0, "patience");
    require(batchShare >= 0 && batchShare <= 1, "batch_share");
  }

  private static void require(boolean holds, String field) {
    if (!holds) {
      throw ParleyException.invalid("trace: " + field + " is out of range");
    }
  }

  /**
   * A chat service: prompts of 256 tokens in the median with one in twenty from a Pareto tail of up
   * to 8,192, answers of 96 in the median of 1,024 allowed, 100 tenants of Zipf skew 1 with four
   * shared beginnings each, in half of the requests; one client in fifty may go away.
   */
  public static TraceSettings chat(long seed, ArrivalProcess arrivals, long durationNanos) {
    return new TraceSettings(
        seed,
        arrivals,
        durationNanos,
        new Lengths(256, 1, 0.05, 1024, 1.2, 1, 8192),
        Lengths.logNormal(96, 0.8, 1, 1024),
        1024,
        100,
        1,
        4,
        Lengths.logNormal(256, 0.5, 32, 2048),
        0.5,
        0.02,
        5,
        0);
  }

  /**
   * What a part of a fleet sees: that part of the requests, from as large a part of the tenants,
   * and so with as many shared beginnings for each device as in the whole. There is at least one of
   * each.
   *
   * @param share of the requests, in (0, 1]
   */
  public TraceSettings slice(double share) {
    double beginnings = share * tenants * prefixesPerTenant;
    int fewer = (int) Math.max(1, Math.round(share * tenants));
    return new TraceSettings(
        seed,
        arrivals.withMeanRate(share * arrivals.meanRate()),
        durationNanos,
        prompts,
        outputs,
        maxTokens,
        fewer,
        tenantSkew,
        (int) Math.max(1, Math.round(beginnings / fewer)),
        prefixes,
        prefixShare,
        impatientShare,
        patienceSeconds,
        batchShare);
  }
}
