using System.Security.Cryptography;
using System.Text;
using FsCheck.Fluent;
using Governance.Infrastructure.Identity.Passwords;

namespace Governance.Infrastructure.Tests.Identity.Passwords;

public sealed class BreachListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\r\n", true)] // as the downloader writes it
    [InlineData("\n", false)]
    public void Contains_EveryEntryAndNothingElse_IsFound(string lineEnd, bool endsWithOne)
    {
        foreach (var count in (int[])[1, 2, 3, 10, 500])
        {
            var list = Write(count, lineEnd, endsWithOne);
            for (var i = 0; i < count; i++) Assert.True(list.Contains($"leaked {i}"), $"{i} of {count}");
            for (var i = 0; i < 100; i++) Assert.False(list.Contains($"secret {i}"), $"{i} of {count}");
        }
    }

    [Fact]
    public void Contains_FilesOfAnyLength_AgreeWithASet() => Law.Holds(
        Gen.Choose(0, 40).Two(),
        pair =>
        {
            var list = Write(pair.Item1, "\n", endsWithOne: true);
            Assert.Equal(pair.Item2 < pair.Item1, list.Contains($"leaked {pair.Item2}"));
        },
        small: 100, large: 2000);

    [Fact]
    public void HasExpectedFormat_OtherFiles_AreNotTaken()
    {
        Assert.True(Write(3, "\r\n", true).HasExpectedFormat());
        foreach (var text in (string[])["", "password\nletmein\n", new string('0', 40) + "\n", "g" + new string('0', 39) + ":1\n"])
        {
            var path = _folder.PathOf("other.txt");
            File.WriteAllText(path, text);
            Assert.False(new BreachList(path).HasExpectedFormat());
        }
    }

    /// <summary>A list of the passwords "leaked 0", "leaked 1" and so on.</summary>
    private BreachList Write(int count, string lineEnd, bool endsWithOne)
    {
#pragma warning disable CA5350 // What the format is made of.
        var lines = Enumerable.Range(0, count)
            .Select(i => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes($"leaked {i}"))))
            .Order(StringComparer.Ordinal)
            .Select((hash, i) => $"{hash}:{(long)Math.Pow(10, i % 8)}");
#pragma warning restore CA5350
        var path = _folder.PathOf("breaches.txt");
        File.WriteAllText(path, string.Join(lineEnd, lines) + (endsWithOne && count > 0 ? lineEnd : ""));
        return new BreachList(path);
    }
}
