using System.CommandLine;
using Governance.Bench;

// One program in four roles, each a process of its own where it is measured: the load, the stub provider, the bare pass-through,
// and (as Governance.Web) the product.
var upstream = new Option<string>("--upstream") { Required = true };
var passThrough = new Command("pass-through", "The baseline: the same framework, forwarding and nothing else.") { upstream };
passThrough.SetAction((parsed, cancellation) => PassThrough.RunAsync(parsed.GetValue(upstream)!, cancellation));
var stub = new Command("stub", "A provider that answers at once.");
stub.SetAction((_, cancellation) => StubProvider.RunAsync(cancellation));

var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 4, Description = "How long each measurement lasts." };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "How often each is repeated; the median is reported." };
var attempts = new Option<int>("--attempts") { DefaultValueFactory = _ => 60, Description = "How often each is tried." };
var connection = new Option<string?>("--postgres") { Description = "Measure on PostgreSQL: a connection string to an empty database." };

var set = new Option<string[]>("--set") { DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true, Description = "Environment of the product, as NAME=VALUE: its settings, or what .NET reads." };

var signIns = new Command("sign-ins", "What 64 sign-ins at once cost in memory, and the proxy in latency.") { seconds, rounds, connection };
signIns.SetAction((parsed, cancellation) =>
    SignInBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(connection), cancellation));
var answers = new Command("answers", "Whether the time of an answer tells if a mail address is known.") { attempts, connection };
answers.SetAction((parsed, cancellation) => AnswersBenchmark.RunAsync(parsed.GetValue(attempts), parsed.GetValue(connection), cancellation));
var auditWriting = new Command("audit-writing", "What the audit log costs whoever writes it, against a plain insert.") { seconds, rounds, connection };
auditWriting.SetAction((parsed, cancellation) =>
    AuditWritingBenchmark.RunAsync(parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(connection), cancellation));
var entries = new Option<int>("--entries") { DefaultValueFactory = _ => 1_000_000, Description = "How many entries the log has." };
var auditReading = new Command("audit-reading", "A log of a million entries: pages, chart, export, verifying.") { entries, connection };
auditReading.SetAction((parsed, cancellation) =>
    AuditReadingBenchmark.RunAsync(parsed.GetValue(entries), parsed.GetValue(connection), cancellation));
var concurrencies = new Option<int[]>("--concurrency") { DefaultValueFactory = _ => [1, 16, 128], AllowMultipleArgumentsPerToken = true, Description = "How many calls are made at once." };
var kinds = new Option<string[]>("--kind") { DefaultValueFactory = _ => ["plain", "stream"], AllowMultipleArgumentsPerToken = true, Description = "What is called." };
kinds.AcceptOnlyFromAmong("plain", "stream");
var portkey = new Option<string?>("--portkey") { Description = "Measure the Portkey gateway, too: a folder in which npm has installed @portkey-ai/gateway." };
var open = new Option<int>("--open") { DefaultValueFactory = _ => 1_000, Description = "How many streams are open at once." };
var streams = new Command("streams", "What the proxy adds to the first byte of a stream, and what a thousand open streams take.") { seconds, rounds, open, connection, set };
streams.SetAction((parsed, cancellation) =>
    StreamBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(open), parsed.GetValue(connection), parsed.GetValue(set)!, cancellation));
var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 10, Description = "How long it goes on." };
var rate = new Option<int>("--rate") { DefaultValueFactory = _ => 1_000, Description = "How many calls a second." };
var steady = new Command("steady", "The memory of the process under a steady load.") { minutes, rate, connection, set };
steady.SetAction((parsed, cancellation) => SteadyBenchmark.RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(rate), parsed.GetValue(connection), parsed.GetValue(set)!, cancellation));
var calls = new Option<int>("--calls") { DefaultValueFactory = _ => 10_000_000, Description = "How many calls the ledger has." };
var days = new Option<int>("--days") { DefaultValueFactory = _ => 365, Description = "Over how many days they are spread." };
var data = new Option<string?>("--data") { Description = "A directory to fill once, to keep, and to measure again." };
var dashboards = new Command("dashboards", "Overview and costs over a ledger of ten million calls in twelve months.") { calls, days, connection, data };
dashboards.SetAction((parsed, cancellation) =>
    DashboardBenchmark.RunAsync(parsed.GetValue(calls), parsed.GetValue(days), parsed.GetValue(connection), parsed.GetValue(data), cancellation));
var root = new RootCommand("Compares the proxy with a bare pass-through, in one run.")
{
    seconds, rounds, concurrencies, kinds, portkey, connection, set, streams, steady, signIns, answers, auditWriting, auditReading, dashboards, passThrough, stub,
};
root.SetAction((parsed, cancellation) =>
    ProxyBenchmark.RunAsync(
        TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), parsed.GetValue(concurrencies)!, parsed.GetValue(kinds)!, parsed.GetValue(portkey), parsed.GetValue(connection), parsed.GetValue(set)!, cancellation));
return await root.Parse(args).InvokeAsync();
