// SPDX-License-Identifier: Apache-2.0
/**
 * The web-crawl example. Read {@link WebCrawlJob} first: it is the Spark job. {@link WebCrawl} is
 * the program around it; {@link CrawlInput} stores generated input and its manifest; {@link
 * WetGenerator} and the rest make the input.
 */
package com.example.webcrawl;
