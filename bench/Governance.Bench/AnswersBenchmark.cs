namespace Governance.Bench;

/// <summary>
/// Measures whether the time of an answer tells if a mail address is known: failing sign-ins and requests for a new password, for
/// known and unknown addresses by turns, one at a time, the first of each pair by turns too. Every known person fails once only, so
/// that nobody is locked; one other person is locked from the beginning.
/// </summary>
internal static class AnswersBenchmark
{
    private const string SignIn = "/account/sign-in";
    private const string Reset = "/account/forgot-password";
    private const string Wrong = "seven geese cross a wide river by night";

    public static async Task<int> RunAsync(int attempts, string? postgres, CancellationToken cancellation)
    {
        const int Warming = 8;
        using var product = await MeasuredProduct.StartAsync(postgres, attempts + Warming + 1, cancellation);
        using var visitor = new Visitor(product.Url);
        var locked = MeasuredProduct.EmailOf(attempts + Warming);
        var (signIn, reset) = (await visitor.OpenAsync(SignIn, cancellation), await visitor.OpenAsync(Reset, cancellation));
        for (var i = 0; i < 6; i++) await visitor.SendAsync(SignIn, signIn, locked, Wrong, cancellation);
        for (var i = attempts; i < attempts + Warming; i++)
        {
            await PairAsync(SignIn, signIn, i, Wrong);
            await PairAsync(Reset, reset, i, null);
        }

        Console.WriteLine($"{product.Database}; {attempts} attempts each, by turns; ms as median (quartiles)");
        var (known, unknown, shut) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < attempts; i++)
        {
            var (k, u) = await PairAsync(SignIn, signIn, i, Wrong);
            known.Add(k);
            unknown.Add(u);
            shut.Add(await TimeAsync(SignIn, signIn, locked, Wrong));
        }

        Report("sign-in", known, unknown);
        Report("sign-in of a locked account", shut, unknown);
        (known, unknown) = ([], []);
        for (var i = 0; i < attempts; i++)
        {
            var (k, u) = await PairAsync(Reset, reset, i, null);
            known.Add(k);
            unknown.Add(u);
        }

        Report("new password", known, unknown);
        return 0;

        async Task<(double Known, double Unknown)> PairAsync(string path, Dictionary<string, string> fields, int i, string? password)
        {
            var (person, nobody) = (MeasuredProduct.EmailOf(i), $"nobody{i}@example.test");
            if (i % 2 == 0) return (await TimeAsync(path, fields, person, password), await TimeAsync(path, fields, nobody, password));
            var unknownFirst = await TimeAsync(path, fields, nobody, password);
            return (await TimeAsync(path, fields, person, password), unknownFirst);
        }

        async Task<double> TimeAsync(string path, Dictionary<string, string> fields, string email, string? password)
        {
            var (status, time) = await visitor.SendAsync(path, fields, email, password, cancellation);
            return status == System.Net.HttpStatusCode.OK ? time.TotalMilliseconds : throw new InvalidOperationException($"{path} answered {status}.");
        }
    }

    private static void Report(string name, List<double> known, List<double> unknown) => Console.WriteLine(
        $"{name}: known {Spread(known)}, unknown {Spread(unknown)}, ratio of medians {Medians.Middle(known) / Medians.Middle(unknown):0.000}");

    private static string Spread(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return $"{Medians.Middle(values):0.00} ({sorted[sorted.Length / 4]:0.00}–{sorted[sorted.Length * 3 / 4]:0.00})";
    }
}
