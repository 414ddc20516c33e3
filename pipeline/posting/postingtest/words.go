package postingtest

type role struct {
	title  string
	skills []string
}

var roles = []role{
	{"Backend Engineer", []string{"Go", "PostgreSQL", "gRPC", "Kafka", "Redis", "Java", "Kubernetes"}},
	{"Frontend Developer", []string{"TypeScript", "React", "CSS", "Vue", "Playwright", "GraphQL"}},
	{"Platform Engineer", []string{"Terraform", "Kubernetes", "AWS", "Prometheus", "Argo CD", "Linux"}},
	{"Systems Administrator", []string{"Linux", "Windows Server", "Active Directory", "Ansible", "VMware", "Bash"}},
	{"Security Analyst", []string{"Splunk", "SIEM", "MITRE ATT&CK", "Wireshark", "Python", "Sentinel"}},
	{"Application Security Engineer", []string{"OWASP", "Burp Suite", "SAST", "threat modelling", "Java", "Python"}},
	{"Data Engineer", []string{"Python", "Spark", "Airflow", "dbt", "Snowflake", "SQL", "Kafka"}},
	{"Machine Learning Engineer", []string{"PyTorch", "Python", "MLflow", "CUDA", "SQL", "Kubernetes"}},
	{"Site Reliability Engineer", []string{"Go", "Prometheus", "Grafana", "Terraform", "Linux", "PagerDuty"}},
	{"Product Designer", []string{"Figma", "design systems", "user research", "prototyping"}},
	{"Account Executive", []string{"Salesforce", "negotiation", "forecasting", "outbound"}},
}

var skills = []string{
	"Rust", "Python", "Docker", "Azure", "GCP", "Elasticsearch", "MongoDB", "Helm", "Jenkins", "GitHub Actions",
	"Swift", "Kotlin", "C++", "Scala", "Tableau", "Power BI", "Vault", "Istio", "Nagios", "OpenTelemetry",
}

var (
	levels        = []string{"", "", "", "Senior ", "Senior ", "Junior ", "Lead ", "Staff "}
	employerFirst = []string{"Northwind", "Harbour", "Copper", "Linden", "Quarry", "Beacon", "Tidal", "Meridian", "Juniper", "Cobalt", "Saltmarsh"}
	employerLast  = []string{"Robotics Inc.", "Analytics GmbH", "Logistics Ltd", "Health", "Energy AG", "Payments, LLC", "Software"}
	departments   = []string{"Engineering", "Platform", "Security", "Data", "Product", "IT Operations", "Research"}
	places        = []string{"Berlin, Germany", "London, UK", "New York, NY", "Remote (EU)", "Toronto, ON", "Austin, TX", "Warsaw, Poland", "Paris, France", "Remote - US", "Lisbon"}
	endings       = []string{
		"", "", "You decide how, the team decides why.", "This is about a third of the week.",
		"We expect to change our mind about it twice a year.", "Nobody does this alone here.",
		"It matters most in the first quarter.", "We measure it and talk about it every second Friday.",
	}
	about = []string{
		"We build the machines that sort parcels in {n} harbours, and the software that keeps them calm when the weather is not.",
		"Our customers run clinics in small towns; what we make tells them on Monday what they will lack on Thursday.",
		"We are a company of a few hundred people who move money between countries and sleep well, because the books always balance.",
		"Since our founding we have sold one thing: a quiet way to see where the energy of a building goes.",
		"Half of us sit in one office, the other half wherever the train still stops; the work is the same.",
		"Farmers, ferry lines and two orchestras plan their seasons with our product.",
	}
	duties = []string{
		"Design, build and run services in {skill} that answer in less than {n} milliseconds.",
		"Own the delivery pipeline end to end and ship to production several times a week with {skill}.",
		"Watch what you ship: set service level objectives, build dashboards and take part in the on-call rota with {skill}.",
		"Work with product, design and {team} to turn a vague wish into something that can be measured.",
		"Reduce the mean time to recovery of our most important system by automating what {skill} lets you automate.",
		"Review the work of {n} colleagues and help the junior ones to grow.",
		"Investigate incidents, write down what was learnt, and see that it does not come back through {skill}.",
		"Move what is left of the old system to {skill} without anybody noticing.",
		"Model the data of {team} so that decisions are made on figures rather than on memory.",
		"Keep our certification alive: access reviews, audits, and controls that engineers do not hate.",
		"Talk to customers every week and bring back what hurts them.",
	}
	requirements = []string{
		"At least {n} months of daily work with {skill}.",
		"Solid knowledge of {skill}, shown by something that ran in production.",
		"You have operated {skill} under load and know where it breaks.",
		"A degree in computer science or the same knowledge earned in another way.",
		"You write clearly; most of our decisions are made in writing.",
		"Experience with {skill} or something close to it.",
		"You can explain a trade-off about {skill} to people who do not program.",
		"You have worked in a team that was measured by cycle time and change failure rate.",
	}
	nice = []string{
		"Some exposure to {skill} would help.",
		"You have given a talk about {skill}, or would like to.",
		"Experience in a regulated industry.",
		"A side project in {skill} that you still like.",
	}
	benefits = []string{
		"{n} days of leave, and nobody asks why.",
		"A budget for books, courses and conferences.",
		"A pension plan that we pay half of.",
		"A bicycle, a railway card, or neither.",
		"Hours that fit around school and kindergarten.",
		"Hardware of your choice.",
	}
)
