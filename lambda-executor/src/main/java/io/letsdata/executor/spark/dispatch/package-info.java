// SPDX-License-Identifier: Apache-2.0
/**
 * From a task that Spark's scheduler has placed to its settled dispatch.
 *
 * <p>In reading order: {@code Dispatching} puts the parts together. {@code TaskRunner} takes a
 * {@code TaskDispatch} from payload to outcome, in steps that {@code DispatchSteps} runs. {@code
 * ResultHandler} accepts responses, with {@code ResultFetch}; {@code LostResponses} searches for
 * those that did not arrive; {@code KillRequests} ends tasks for Spark. {@code DispatchSettler}
 * settles: it reports through the {@code TaskReporter} and updates the {@code DispatchTable}.
 * {@code CommitRights} and {@code DispatchRights} fence commits, {@code CommitDenials} delays the
 * reports of attempts that were denied theirs, {@code DispatchInvocations} knows which invocations
 * may be alive. {@code SettledObjects} deletes what settled dispatches left. {@code
 * FailureMessages} has the texts.
 *
 * <h2>States of a dispatch</h2>
 *
 * <p><i>Publishing</i>: waits for its stage's inputs. <i>Invoked</i>: with the invoker, be it
 * waiting for its turn or sent. <i>Searching</i>: the response was lost and may be in the store.
 * <i>Other awaited</i>: another invocation of the same dispatch holds a right, and its response
 * counts. <i>Denied</i>: another dispatch holds the commit right; the slot is free, the report
 * waits. <i>Settled</i>: the slot is free and the end is reported.
 *
 * <p>Each row is a test of {@code DispatchTransitionsTest}, {@code WaitingTransitionsTest} or
 * {@code RaisedLimitTest}. In every state the first report to Spark counts and later ones change
 * nothing.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>state</th><th>event</th><th>next state, report</th><th>by</th></tr>
 * <tr><td>Publishing</td><td>kill before the dispatch was in the table</td><td>as a kill now</td><td>KillRequests</td></tr>
 * <tr><td>Publishing</td><td>inputs are published</td><td>Invoked</td><td>TaskRunner</td></tr>
 * <tr><td>Publishing</td><td>publishing failed</td><td>Settled, stage aborted</td><td>TaskRunner</td></tr>
 * <tr><td>Publishing</td><td>kill</td><td>killed at once; Settled when publishing ends</td><td>KillRequests, TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>the payload cannot be built</td><td>Settled, stage aborted</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>kill before the request is sent</td><td>killed; withdrawn, Settled</td><td>KillRequests, TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>kill after that</td><td>killed, flag raised; Settled by the response</td><td>KillRequests</td></tr>
 * <tr><td>Invoked</td><td>Lambda refuses the request</td><td>Settled, stage aborted</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>response: finished</td><td>Settled, finished</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>response: finished, its result exceeds what the stage may have</td><td>Settled, stage aborted</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>response: failed or killed</td><td>Settled, the same</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>response: worker could not start</td><td>Settled, stage aborted</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>the same, for an input that was deleted and is published again</td><td>Settled, lost</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>response of another build</td><td>Settled, stage aborted</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>response that cannot be used: another dispatch's, result not readable</td><td>Settled, lost</td><td>DispatchSteps</td></tr>
 * <tr><td>Invoked</td><td>response: left to, or denied by, an invocation of this dispatch</td><td>Other awaited</td><td>ResultHandler, LostResponses</td></tr>
 * <tr><td>Invoked</td><td>response: denied by a dispatch that may be alive</td><td>Denied</td><td>ResultHandler, CommitDenials</td></tr>
 * <tr><td>Invoked</td><td>response: denied by an invocation that has ended</td><td>Settled, failed</td><td>ResultHandler</td></tr>
 * <tr><td>Invoked</td><td>function crashed, ran out of memory, failed in its handler</td><td>Settled, lost</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>function reached its time limit</td><td>Settled, lost</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>the same, for the last time that is allowed</td><td>Settled, stage aborted</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>worker ended itself: the function's limit was raised</td><td>Settled, lost; later payloads have the new limit</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>function did not start, or its response is too large</td><td>Settled, stage aborted</td><td>TaskRunner</td></tr>
 * <tr><td>Invoked</td><td>function failed, another invocation holds the right</td><td>Other awaited</td><td>TaskRunner, LostResponses</td></tr>
 * <tr><td>Invoked</td><td>response lost</td><td>Searching</td><td>TaskRunner, LostResponses</td></tr>
 * <tr><td>Searching</td><td>the response is in the store</td><td>as when it had arrived</td><td>LostResponses, ResultHandler</td></tr>
 * <tr><td>Searching</td><td>not there, patience has ended, right fenced</td><td>Settled, lost</td><td>LostResponses</td></tr>
 * <tr><td>Searching</td><td>not there, an invocation that may be alive holds the right</td><td>Searching</td><td>LostResponses</td></tr>
 * <tr><td>Searching</td><td>kill</td><td>killed; Settled at the next look</td><td>KillRequests, LostResponses</td></tr>
 * <tr><td>Other awaited</td><td>the response is in the store</td><td>as when it had arrived</td><td>LostResponses, ResultHandler</td></tr>
 * <tr><td>Other awaited</td><td>no invocation can be alive</td><td>Settled, lost</td><td>LostResponses</td></tr>
 * <tr><td>Denied</td><td>no invocation of the holder can commit</td><td>Settled, failed</td><td>CommitDenials</td></tr>
 * <tr><td>Denied</td><td>kill</td><td>Settled, killed; no flag</td><td>KillRequests</td></tr>
 * </table>
 */
@NullMarked
package io.letsdata.executor.spark.dispatch;

import org.jspecify.annotations.NullMarked;
