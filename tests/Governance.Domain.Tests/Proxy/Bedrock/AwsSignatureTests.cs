using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class AwsSignatureTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Service = "service";

    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    /// <summary>AWS's published test suite of Signature Version 4 (docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html).</summary>
    [Theory]
    [InlineData("GET", "/", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")] // get-vanilla
    [InlineData("POST", "/", "", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")] // post-vanilla
    [InlineData("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")] // get-unreserved
    [InlineData("GET", "//example//", "", "", "", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84")] // get-slashes
    [InlineData("GET", "/example/..", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")] // get-relative
    [InlineData("GET", "/./", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")] // get-slash-dot-slash
    [InlineData("GET", "/", "Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")] // get-vanilla-query-order-key-case
    [InlineData("GET", "/", "Param1=value2&Param1=value1", "", "", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694")] // get-vanilla-query-order-value
    [InlineData("GET", "/", "\u1234=bar", "", "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")] // get-vanilla-utf8-query
    [InlineData("GET", "/", "", "my-header1:value4,value1,value3,value2", "", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01")] // get-header-value-order
    [InlineData("GET", "/", "", "my-header1: value1|my-header2: \"a   b   c\"", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")] // get-header-value-trim
    [InlineData("POST", "/", "", "my-header1:VALUE1", "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d")] // post-header-value-case
    [InlineData("POST", "/", "", "content-type:application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")] // post-x-www-form-urlencoded
    public void Sign_CaseOfTheTestSuite_IsItsSignature(string method, string path, string query, string headers, string body, string expected)
    {
        var request = Request(method, path, query, headers, body);
        var authorization = AwsSignature.Sign(request, "AKIDEXAMPLE", Secret, "us-east-1", Service);
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={string.Join(';', request.Headers.Keys.Order(StringComparer.Ordinal))}, Signature={expected}",
            authorization.Header);
        Assert.Equal(SignatureCheck.Valid, AwsSignature.Verify(request, authorization, Secret, Now, Service));
    }

    /// <summary>What AWS's own signer (AWSSDK.Core, AWS4Signer) sends for an inference profile behind a base path: the escaped path is escaped once more.</summary>
    [Fact]
    public void Verify_RequestOfAwsSdk_IsValid()
    {
        var request = new AwsRequest(
            "POST", "/proxy/bedrock/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-sonnet-4-20250514-v1%3A0/converse", "",
            new Dictionary<string, string>
            {
                ["content-type"] = "application/json",
                ["host"] = "gov.example:8443",
                ["x-amz-content-sha256"] = "5e4ce7b36ba37b78a5d5f9fd08e6b7b54ba6879d651aa46ec9e1d6fa24ebe30a",
                ["x-amz-date"] = "20260102T030405Z",
            }, """{"messages":[]}"""u8.ToArray());
        Assert.True(AwsAuthorization.TryParse(
            "AWS4-HMAC-SHA256 Credential=GVAKAAAAAAAAAAAAAAAA/20260102/us-east-1/bedrock/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=a24c275c58539e458d7c84316790c1a64ec86b8c9ec3e1a775130ad476541c69",
            out var authorization));
        Assert.Equal(SignatureCheck.Valid, AwsSignature.Verify(request, authorization, "secretsecretsecretsecretsecretsecretsecr", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
    }

    [Fact]
    public void Verify_AnyRequestAsItWasSigned_IsValidAndNothingElseIs() => Law.Holds(
        from path in Gen.Elements("/", "/model/a%3Ab/converse", "/proxy//bedrock/./x", "/é/%C3%A9")
        from query in Gen.Elements("", "a=b", "b=2&a=1&a", "q=%2F+x")
        from body in Gen.Elements("", "{}", "{\"messages\":[]}")
        from change in Gen.Choose(0, 8)
        select (path, query, body, change),
        sample =>
        {
            var sent = Request("POST", sample.path, sample.query, "content-type:application/json", sample.body);
            var authorization = AwsSignature.Sign(sent, "AKID", Secret, "eu-west-1");
            var (arrived, claimed, secret) = sample.change switch
            {
                1 => (sent with { Method = "GET" }, authorization, Secret),
                2 => (sent with { Path = sent.Path + "x" }, authorization, Secret),
                3 => (sent with { Query = sent.Query + "&z=1" }, authorization, Secret),
                4 => (sent with { Body = Encoding.UTF8.GetBytes(sample.body + " ") }, authorization, Secret),
                5 => (With(sent, "content-type", "text/plain"), authorization, Secret),
                6 => (sent, authorization with { Region = "us-east-1" }, Secret),
                7 => (sent, authorization, Secret + "x"),
                8 => (sent, authorization with { Signature = (authorization.Signature[0] == '0' ? '1' : '0') + authorization.Signature[1..] }, Secret),
                _ => (sent, authorization, Secret),
            };
            Assert.Equal(sample.change == 0 ? SignatureCheck.Valid : SignatureCheck.Mismatch, AwsSignature.Verify(arrived, claimed, secret, Now));
        });

    [Theory]
    [InlineData(0, SignatureCheck.Valid)]
    [InlineData(300, SignatureCheck.Valid)]
    [InlineData(-300, SignatureCheck.Valid)]
    [InlineData(301, SignatureCheck.Expired)]
    [InlineData(-301, SignatureCheck.Expired)]
    public void Verify_ClocksApart_IsValidForFiveMinutes(int seconds, SignatureCheck expected)
    {
        var request = Request("POST", "/", "", "", "");
        Assert.Equal(expected, AwsSignature.Verify(request, AwsSignature.Sign(request, "AKID", Secret, "us-east-1"), Secret, Now.AddSeconds(seconds)));
    }

    [Theory]
    [InlineData("content-type;host")] // no date
    [InlineData("content-type;x-amz-date")] // no host
    [InlineData("host;missing;x-amz-date")]
    public void Verify_TooLittleSigned_IsAMismatch(string signedHeaders)
    {
        var request = Request("POST", "/", "", "content-type:application/json", "");
        var authorization = AwsSignature.Sign(request, "AKID", Secret, "us-east-1") with { SignedHeaders = signedHeaders.Split(';') };
        Assert.Equal(SignatureCheck.Mismatch, AwsSignature.Verify(request, authorization, Secret, Now));
    }

    [Theory]
    [InlineData("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", SignatureCheck.Valid)] // SHA-256 of {}
    [InlineData("44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A", SignatureCheck.Valid)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", SignatureCheck.Mismatch)]
    [InlineData("UNSIGNED-PAYLOAD", SignatureCheck.Mismatch)]
    public void Verify_AnnouncedHash_MustBeTheBodys(string hash, SignatureCheck expected)
    {
        var request = Request("POST", "/", "", $"x-amz-content-sha256:{hash}", "{}");
        Assert.Equal(expected, AwsSignature.Verify(request, AwsSignature.Sign(request, "AKID", Secret, "us-east-1"), Secret, Now));
    }

    [Theory]
    [InlineData("20150829")] // another day's key
    [InlineData("2015083x")]
    public void Verify_ScopeOfAnotherDay_IsAMismatch(string date)
    {
        var request = Request("POST", "/", "", "", "");
        Assert.Equal(SignatureCheck.Mismatch, AwsSignature.Verify(request, AwsSignature.Sign(request, "AKID", Secret, "us-east-1") with { Date = date }, Secret, Now));
    }

    [Theory]
    [InlineData("20150830T123600")]
    [InlineData("2015-08-30T12:36:00Z")]
    [InlineData("20150830TxxxxxxZ")]
    [InlineData("")]
    public void Verify_DateThatIsNone_IsAMismatch(string date)
    {
        var request = Request("POST", "/", "", "", "");
        var authorization = AwsSignature.Sign(request, "AKID", Secret, "us-east-1");
        Assert.Equal(SignatureCheck.Mismatch, AwsSignature.Verify(With(request, "x-amz-date", date), authorization, Secret, Now));
    }

    [Fact]
    public void Verify_SignedForAnotherService_IsAMismatch()
    {
        var request = Request("POST", "/", "", "", "");
        Assert.Equal(SignatureCheck.Mismatch, AwsSignature.Verify(request, AwsSignature.Sign(request, "AKID", Secret, "us-east-1", "s3"), Secret, Now));
    }

    [Fact]
    public void TryParse_WhatWasWritten_IsTheSame()
    {
        var request = Request("POST", "/", "", "", "");
        var authorization = AwsSignature.Sign(request, "AKID", Secret, "us-east-1");
        Assert.True(AwsAuthorization.TryParse(authorization.Header.Replace(", ", ",", StringComparison.Ordinal), out var parsed));
        Assert.Equal((authorization.Header, "AKID", "us-east-1", "bedrock"), (parsed.Header, parsed.AccessKeyId, parsed.Region, parsed.Service));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AWS4-HMAC-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 ")]
    [InlineData("Bearer x")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host")] // no signature
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s, SignedHeaders=host, Signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("AWS4-HMAC-SHA256 Credential=/20150830/r/s/aws4_request, SignedHeaders=host, Signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=x;host, Signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host;host, Signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=Host, Signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host, Signature=zz00000000000000000000000000000000000000000000000000000000000000")]
    public void TryParse_Malformed_IsNone(string header) => Assert.False(AwsAuthorization.TryParse(header, out _));

    private static AwsRequest Request(string method, string path, string query, string headers, string body)
    {
        var all = new Dictionary<string, string> { ["host"] = "example.amazonaws.com", ["x-amz-date"] = AwsSignature.Timestamp(Now) };
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries)) all.Add(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return new AwsRequest(method, path, query, all, Encoding.UTF8.GetBytes(body));
    }

    private static AwsRequest With(AwsRequest request, string name, string value) =>
        request with { Headers = new Dictionary<string, string>(request.Headers) { [name] = value } };
}
