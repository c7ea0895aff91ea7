package io.parley.gateway.operations;

/**
 * What the engine of a model is doing, as of its last step.
 *
 * @param waiting sequences without blocks
 * @param running sequences with blocks
 * @param kvBlocks blocks of its key-value cache
 * @param kvBlocksUsed of these, how many sequences hold
 * @param kvBlocksIdle of these, how many the prefix cache keeps for nobody in particular
 * @param preemptions generations that gave way, since the start
 */
public record ModelLoad(
    String model,
    int waiting,
    int running,
    int kvBlocks,
    int kvBlocksUsed,
    int kvBlocksIdle,
    long preemptions) {}
