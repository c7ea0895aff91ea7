package io.parley.simulation.fleet;

import io.parley.serving.routing.RoutingSettings;

/**
 * What can be decided differently about the same requests and devices.
 *
 * @param name for people
 * @param batching when requests reach the scheduler
 * @param maxBatchTokens tokens of a step at most: the size of a prompt's chunks
 * @param routing how replicas are chosen
 */
public record Policy(String name, Batching batching, int maxBatchTokens, RoutingSettings routing) {}
