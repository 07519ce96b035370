package io.letsdata.executor;

import java.time.Duration;

/**
 * What the Lambda API says of the worker function.
 *
 * @param timeout its time limit
 * @param memoryMb its memory
 * @param architecture decides the price
 */
public record FunctionInfo(Duration timeout, long memoryMb, Prices.Architecture architecture) {}
